# tenon_add_model(NAME FILE.tenon [DEFINES name=value...] [TARGETS cpu] [STATIC_RUNTIME])
#
# Compiles FILE.tenon with tenonc whenever it is newer than the result, and makes NAME a library to
# link: it brings libNAME.a, the runtime, and the folder of the header NAME.h.
#
#   DEFINES         file constants, model.parameter or train.setting, as `tenonc -D`
#   TARGETS         the devices to compile for; cpu when left out
#   STATIC_RUNTIME  libtenon_rt.a instead of libtenon_rt.so
function(tenon_add_model name source)
  cmake_parse_arguments(PARSE_ARGV 2 model "STATIC_RUNTIME" "" "DEFINES;TARGETS")
  if(model_UNPARSED_ARGUMENTS OR model_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "tenon_add_model(${name}): do not understand "
            "'${model_UNPARSED_ARGUMENTS}${model_KEYWORDS_MISSING_VALUES}'; "
            "usage: tenon_add_model(NAME FILE.tenon [DEFINES name=value...] [TARGETS cpu] "
            "[STATIC_RUNTIME])")
  endif()
  if(NOT TARGET Tenon::compiler)
    message(FATAL_ERROR "tenon_add_model(${name}): this installation of Tenon has no tenonc")
  endif()
  get_filename_component(source ${source} ABSOLUTE)
  get_filename_component(folder ${source} DIRECTORY)
  get_filename_component(file ${source} NAME)
  list(TRANSFORM model_DEFINES PREPEND "-D")
  if(NOT model_TARGETS)
    set(model_TARGETS cpu)
  endif()
  list(JOIN model_TARGETS "," devices)
  set(runtime Tenon::runtime)
  if(model_STATIC_RUNTIME)
    set(runtime Tenon::runtime_static)
  endif()

  # tenonc runs beside the source: the result does not depend on where the project stands.
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}.model)
  file(MAKE_DIRECTORY ${out})
  add_custom_command(
    OUTPUT ${out}/lib${name}.a ${out}/${name}.h
    COMMAND Tenon::compiler ${file} --emit=lib -o ${out}/${name} --target=${devices} ${model_DEFINES}
    WORKING_DIRECTORY ${folder}
    DEPENDS ${source} Tenon::compiler
    COMMENT "tenonc ${file}"
    VERBATIM)
  add_custom_target(${name}_model DEPENDS ${out}/lib${name}.a ${out}/${name}.h)

  add_library(${name} INTERFACE)
  add_dependencies(${name} ${name}_model)
  target_include_directories(${name} INTERFACE ${out})
  target_link_libraries(${name} INTERFACE ${out}/lib${name}.a ${runtime})
endfunction()
