using Jobwatch.Cli.Errors;

namespace Jobwatch.Cli.Servers;

/// <summary>Where the server is: the option, the environment, a local server's file, the default; the first that is there.</summary>
internal sealed class ServerFinder(Func<string, string?> environment, string currentDirectory, string home)
{
    internal static ServerFinder Here => new(
        Environment.GetEnvironmentVariable,
        Directory.GetCurrentDirectory(),
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    internal ServerAddress Find(string? option, string origin = "--server")
    {
        var token = NotEmpty(environment("JOBWATCH_TOKEN")) is { } text ? Tokens.Check(text, "JOBWATCH_TOKEN") : null;
        if (NotEmpty(option) is { } given)
            return Named(given, origin, token);
        if (NotEmpty(environment("JOBWATCH_SERVER")) is { } variable)
            return Named(variable, "JOBWATCH_SERVER", token);

        var local = Local();
        if (local is not null)
            return token is null ? local : local with { Token = token, TokenFile = null };
        return new ServerAddress(new Uri(ServerAddress.Default), token, null, "the default address");
    }

    private ServerAddress Named(string url, string origin, string? token)
    {
        var parts = url.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > 1)
            return Several([.. parts.Select(part => Named(part, origin, token).Grpc)], origin, token);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new CliException(ExitCode.Usage, $"{origin} is «{url}», which is no address such as {ServerAddress.Default}.");
        if (token is not null)
            return new ServerAddress(address, token, null, $"from {origin}");

        // A local server by its own address: its token is at hand, so nobody needs to copy it.
        var local = Local();
        return local?.Grpc == address ? local with { Origin = $"from {origin}" } : new ServerAddress(address, null, null, $"from {origin}");
    }

    // Without a local server's token: it would go to the others too.
    private static ServerAddress Several(Uri[] nodes, string origin, string? token) => nodes.Select(node => node.Scheme).Distinct().Count() == 1
        ? new ServerAddress(nodes[0], token, null, $"from {origin}") { Others = nodes[1..] }
        : throw new CliException(ExitCode.Usage, $"{origin} has http and https addresses; nodes of one store have one of them.");

    private ServerAddress? Local()
    {
        for (var folder = currentDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (ServerFile.Find(folder) is { } found)
                return found;
        }

        return home.Length > 0 ? ServerFile.Find(home) : null;
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
