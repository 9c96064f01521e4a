using Jobwatch.DevServer;

var terminal = new Terminal(Console.Out, Console.Error);
try
{
    var arguments = ServerArguments.Parse(args);
    if (arguments.Help)
    {
        terminal.Say(Resource.Text("usage.txt").TrimEnd());
        return 0;
    }
    if (!OperatingSystem.IsLinux())
        throw new ServerFailure("run.sh runs on Linux. Elsewhere start src/StreamService and src/SseEdge with a PostgreSQL of your own.");
    using var stop = new StopRequests();
    using var server = new LocalServer(arguments, terminal, TimeProvider.System);
    await server.RunAsync(stop);
    return 0;
}
catch (ServerFailure failure)
{
    terminal.Warn($"jobwatch: {failure.Message}");
    if (failure.ExitCode == ServerFailure.Usage)
        terminal.Warn("./run.sh --help shows the options.");
    return failure.ExitCode;
}
