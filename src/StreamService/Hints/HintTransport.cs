namespace Jobwatch.StreamService.Hints;

/// <summary>How nodes tell each other of their commits.</summary>
internal enum HintTransport
{
    /// <summary>By NOTIFY of the database that holds the logs.</summary>
    Postgres,

    /// <summary>By sharded publish and subscribe of Redis 7 or later.</summary>
    Redis,

    /// <summary>Not at all: only the sweep finds another node's commits.</summary>
    None,
}
