# The GoogleTest programs of the build: each case is a test. They stand in BUILD/tests/unit, whatever
# folder of tests/ defines them.
import os

import lit.formats

config.name = "TenonUnit"
config.test_source_root = os.path.join(config.tenon_build, "tests", "unit")
config.test_exec_root = config.test_source_root
config.test_format = lit.formats.GoogleTest(".", "Test")
config.environment["TENON_SOURCE"] = config.tenon_source
config.environment["TENON_BUILD"] = config.tenon_build
