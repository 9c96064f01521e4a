namespace Jobwatch.StreamService.Hints;

/// <summary>How nodes tell each other of their commits. Section <c>Hints</c>.</summary>
internal sealed class HintsOptions
{
    public const string Section = "Hints";

    /// <summary>By which way; default PostgreSQL. All nodes of a database have to take the same.</summary>
    public HintTransport Transport { get; set; } = HintTransport.Postgres;

    /// <summary>The Redis servers, as StackExchange.Redis writes them: <c>host:port,password=…</c>. Needed for <see cref="HintTransport.Redis"/> only.</summary>
    public string Redis { get; set; } = "";
}
