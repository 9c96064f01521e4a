namespace Jobwatch.Cli.Servers;

/// <summary>A server, and how it was found.</summary>
/// <param name="Grpc">Its gRPC address.</param>
/// <param name="Token">The bearer token, or null.</param>
/// <param name="TokenFile">Where the token was read, or null.</param>
/// <param name="Origin">What named it, for messages.</param>
internal sealed record ServerAddress(Uri Grpc, string? Token, string? TokenFile, string Origin)
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"{Grpc.OriginalString} ({Origin})";

    internal const string Default = "http://127.0.0.1:8081";
}
