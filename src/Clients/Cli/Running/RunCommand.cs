using System.CommandLine;
using Jobwatch.Cli.Errors;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Spooling;

namespace Jobwatch.Cli.Running;

internal static class RunCommand
{
    internal static Command Build(Option<string?> server)
    {
        var job = new Option<string>("--job") { Description = "The job that the run belongs to.", HelpName = "NAME", Required = true };
        var execution = new Option<string?>("--execution") { Description = "The execution's id. Default: a new one.", HelpName = "ID" };
        var labels = new Option<string[]>("--label") { Description = "A label of the execution; repeatable.", HelpName = "KEY=VALUE" };
        var worker = new Option<string?>("--worker") { Description = "Who works. Default: the host's name.", HelpName = "NAME" };
        var spool = new Option<string?>("--spool") { Description = "The folder of the spools.", HelpName = "DIR" };
        var drain = new Option<double>("--drain-timeout")
        {
            Description = "How long to wait at the end until everything is sent, in seconds; 0: not at all.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 30,
            CustomParser = given => Numbers.Amount(given, 1_000_000, " seconds"),
        };
        var commandLine = new Argument<string[]>("COMMAND") { Description = "The program and its arguments, after --.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("run", "Runs a program and records it: start, every line of output, end.")
        {
            job, execution, labels, worker, spool, drain, commandLine,
        };
        command.SetAction(parsed => new ProgramRun(
            new RunOptions(
                ServerFinder.Here.Find(parsed.GetValue(server)),
                Ids.Check("--job", parsed.GetRequiredValue(job)),
                Ids.Check("--execution", parsed.GetValue(execution) ?? Guid.CreateVersion7().ToString()),
                Labels(parsed.GetValue(labels) ?? []),
                parsed.GetValue(worker) ?? Environment.MachineName,
                SpoolFolder.Choose(parsed.GetValue(spool)),
                TimeSpan.FromSeconds(parsed.GetValue(drain)),
                parsed.GetRequiredValue(commandLine)),
            TimeProvider.System).RunAsync());
        return command;
    }

    private static Dictionary<string, string> Labels(string[] given)
    {
        var labels = new Dictionary<string, string>();
        foreach (var label in given)
        {
            var equals = label.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new CliException(ExitCode.Usage, $"--label is «{label}»; it takes KEY=VALUE.");
            labels[label[..equals]] = label[(equals + 1)..];
        }

        return labels;
    }
}
