using Jobwatch.Client;
using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>A real node on a real PostgreSQL, and the command line beside it.</summary>
public class CliFixture : IAsyncLifetime
{
    private NodeProcess? _node;
    private JobwatchClient? _client;
    private Cli? _cli;
    private int _jobs;

    internal NodeProcess Node => _node!;

    internal string ConnectionString { get; private set; } = "";

    internal JobwatchClient Client => _client!;

    internal Cli Cli => _cli!;

    /// <summary>A job that no other test has.</summary>
    internal string NewJob() => $"job-{Interlocked.Increment(ref _jobs)}";

    internal async Task<IReadOnlyList<ExecutionEvent>> EventsAsync(string job)
    {
        var events = new List<ExecutionEvent>();
        var request = new ListEventsRequest { JobId = job, PageSize = 1000 };
        do
        {
            var page = await Client.Catalog.ListEventsAsync(request);
            events.AddRange(page.Events);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(one => one.Position));
        return events;
    }

    /// <summary>The texts of the job's log lines.</summary>
    internal async Task<IEnumerable<string>> LinesAsync(string job) =>
        (await EventsAsync(job)).Where(one => one.LogWritten is not null).Select(one => one.LogWritten.Text);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        ConnectionString = await PostgresCluster.Shared.CreateDatabaseAsync();
        _node = new NodeProcess(ConnectionString);
        await _node.StartAsync();
        _client = new JobwatchClient(new JobwatchClientOptions { Address = _node.Address });
        _cli = new Cli(_node.Address);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _node!.DisposeAsync();
        _cli!.Dispose();
        GC.SuppressFinalize(this);
    }
}
