namespace Jobwatch.Cli.Servers;

/// <summary>A server, and how it was found.</summary>
/// <param name="Grpc">Its gRPC address.</param>
/// <param name="Token">The bearer token, or null.</param>
/// <param name="TokenFile">Where the token was read, or null.</param>
/// <param name="Origin">What named it, for messages.</param>
internal sealed record ServerAddress(Uri Grpc, string? Token, string? TokenFile, string Origin)
{
    /// <summary>Other nodes over the same store.</summary>
    internal IReadOnlyList<Uri> Others { get; init; } = [];

    /// <summary>All addresses, as they are given.</summary>
    internal string Text => string.Join(';', new[] { Grpc }.Concat(Others).Select(address => address.OriginalString));

    /// <summary>What is said of it while it doesn't answer: what it gives as the reason, or that there is nothing.</summary>
    internal string Away(string? reason) => reason is null ? $"No server answers at {this}" : $"The server at {this} can't answer now ({reason})";

    /// <summary>For messages.</summary>
    public override string ToString() => $"{Text} ({Origin})";

    internal const string Default = "http://127.0.0.1:8081";
}
