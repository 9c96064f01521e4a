using System.Diagnostics;
using JasperFx.Events;
using Jobwatch.Bench.Events;
using Marten;
using Npgsql;

namespace Jobwatch.Bench.Peers.Marten;

/// <summary>
/// What Marten's own sessions append, in the load's process: an event a session and a transaction, in a schema of its own, by quick appends. No
/// server between, no catalog, nothing checked.
/// </summary>
internal sealed class MartenSessions : IAsyncDisposable
{
    /// <summary>What it does not do.</summary>
    public const string Lacks = "no server, no life cycle, no catalog; its client's CPU is the load's";

    private readonly DocumentStore _store;
    private readonly string[] _streams;

    private MartenSessions(DocumentStore store, string[] streams) => (_store, _streams) = (store, streams);

    public static async Task<MartenSessions> StartAsync(string connectionString, int streams, int clients)
    {
        var store = DocumentStore.For(options =>
        {
            options.Connection(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = clients }.ConnectionString);
            options.DatabaseSchemaName = "marten_peer";
            options.Events.StreamIdentity = StreamIdentity.AsString;
            options.Events.AppendMode = EventAppendMode.Quick;
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return new MartenSessions(store, [.. Enumerable.Range(0, streams).Select(i => $"job-{i}")]);
    }

    /// <summary>Clients that each append to streams of their own, in turn.</summary>
    /// <returns>Events whose transaction was committed.</returns>
    public async Task<long> AppendAsync(int clients, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunAsync(client, clients, clock, duration))));
        return counts.Sum();
    }

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    private async Task<long> RunAsync(int client, int clients, Stopwatch clock, TimeSpan duration)
    {
        long count = 0;
        for (var stream = client; clock.Elapsed < duration; stream = stream + clients < _streams.Length ? stream + clients : client)
        {
            await using var session = _store.LightweightSession();
            session.Events.Append(_streams[stream], new LineWritten(EventShape.Json));
            await session.SaveChangesAsync();
            count++;
        }

        return count;
    }

    /// <summary>The event: the text that all get, as a string of its JSON.</summary>
    internal sealed record LineWritten(string Json);
}
