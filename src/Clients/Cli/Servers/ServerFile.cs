using System.Text.Json;
using Jobwatch.Cli.Errors;

namespace Jobwatch.Cli.Servers;

/// <summary>What a local server tells of itself in <c>.jobwatch/server.json</c>.</summary>
internal sealed record ServerFile(string? GrpcAddress, string? TokenFile)
{
    /// <summary>Reads <c>.jobwatch/server.json</c> of a folder; null if there is none.</summary>
    internal static ServerAddress? Find(string folder)
    {
        var path = Path.Combine(folder, ".jobwatch", "server.json");
        if (!File.Exists(path))
            return null;
        try
        {
            var file = JsonSerializer.Deserialize<ServerFile>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
            if (!Uri.TryCreate(file?.GrpcAddress, UriKind.Absolute, out var grpc) || grpc.Scheme is not ("http" or "https"))
            {
                throw new CliException(
                    ExitCode.Usage, $"{path} names no grpcAddress such as {ServerAddress.Default}. Remove it, or start the server again.");
            }

            var tokenFile = string.IsNullOrEmpty(file.TokenFile) ? null : Path.Combine(Path.GetDirectoryName(path)!, file.TokenFile);
            return new ServerAddress(grpc, ReadToken(tokenFile), tokenFile, $"from {path}");
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{path} can't be read: {unreadable.Message}");
        }
    }

    internal static string? ReadToken(string? path)
    {
        if (path is null)
            return null;
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } token ? Tokens.Check(token, $"The token file {path}") : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.NotAllowed, $"The token file {path} can't be read: {unreadable.Message}");
        }
    }
}
