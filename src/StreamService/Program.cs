using Jobwatch.StreamService.Hosting;

IConfiguration? configuration = null;
try
{
    await using var node = NodeHost.Build(args);
    configuration = node.Configuration;
    return await NodeHost.RunAsync(node);
}
catch (Exception error) when (StartFailure.Explain(error, configuration) is { Count: > 0 } lines)
{
    await Console.Error.WriteAsync(string.Concat(lines.Select(line => $"{line}\n")));
    return StartFailure.ExitCode;
}
