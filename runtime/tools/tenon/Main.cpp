// tenon: train, evaluate and run models.
#include "runtime/tools/tenon/Commands.h"
#include "runtime/tools/tenon/Report.h"
#include "tenon/tenon.h"

#include <CLI/Config.hpp>
#include <CLI/Error.hpp>
#include <CLI/Formatter.hpp>

#include <exception>
#include <new>
#include <utility>
#include <vector>

using namespace tenon::tool;

static const char Examples[] = R"(Examples:
  tenon train mlp.tenon                    train; everything goes to runs/mlp
  tenon eval runs/mlp                      loss and metrics on rows it has not seen
  tenon run runs/mlp --input new.csv --output predicted.csv
  tenon train mlp.tenon -D mlp.batch=64 --out runs/large-batch
  tenon inspect runs/mlp                   what is in there
  tenon bench runs/mlp                     how fast it is, and where the time goes

'tenon COMMAND --help' has the options and examples of a command.
Exit codes: 0 done, 1 your mistake, 2 ours, 3 the machine's.)";

using Commands = std::vector<std::pair<std::string, Command>>;

/// What is said when the first argument is no command.
static int noCommand(const Commands &commands, int argc, char **argv) {
  std::string message = "no command";
  if (argc > 1)
    message = std::string(argv[1][0] == '-' ? "no option '" : "no command '") + argv[1] + "'";
  const char *separator = "; the commands are ";
  for (const auto &[name, command] : commands) {
    message += separator + name;
    separator = ", ";
  }
  return fail(UserError, message + "\n'tenon --help' shows how it is used");
}

/// The message of a bad command line, and where to read on.
static int badCommandLine(const CLI::App &app, const CLI::ParseError &error) {
  std::string command = "tenon";
  for (const CLI::App *used : app.get_subcommands())
    command += " " + used->get_name();
  return fail(UserError,
              std::string(error.what()) + "\n'" + command + " --help' shows how it is used");
}

/// An empty value, of a shell variable that is not set, is not taken for an option that is not there.
static void refuseEmptyValues(const CLI::App &command) {
  for (const CLI::Option *option : command.get_options())
    for (const std::string &value : option->results())
      if (value.empty())
        throw CLI::ValidationError(option->get_name(), "the value is empty");
}

int main(int argc, char **argv) {
  CLI::App app("Train, evaluate and run models written in the Tenon language.", "tenon");
  app.set_version_flag("--version", std::string("tenon ") + tenon_version());
  app.footer(Examples);
  app.require_subcommand(0, 1);
  app.allow_extras();
  const Commands commands = {
      {"train", addTrain(app, {argc, argv})}, {"eval", addEval(app)},  {"run", addRun(app)},
      {"inspect", addInspect(app)},           {"bench", addBench(app)}, {"fmt", addFormat(app)},
      {"check", addCheck(app)}};
  for (CLI::App *command : app.get_subcommands([](CLI::App *) { return true; }))
    command->allow_extras(false);
  try {
    app.parse(argc, argv);
    for (const CLI::App *command : app.get_subcommands())
      refuseEmptyValues(*command);
    for (const auto &[name, command] : commands)
      if (app.got_subcommand(name))
        return command();
    return noCommand(commands, argc, argv);
  } catch (const CLI::ParseError &error) {
    return error.get_exit_code() == 0 ? app.exit(error) : badCommandLine(app, error);
  } catch (const std::bad_alloc &) {
    return fail(Environment, "not enough memory");
  } catch (const std::exception &error) {
    return fail(Bug, std::string("unexpected exception: ") + error.what());
  }
}
