using Npgsql;

namespace Jobwatch.StreamService.Journal;

/// <summary>
/// LISTEN and NOTIFY, each on a connection of its own outside the pool. What is said through it is lost where nobody listens.
/// Once a call has failed it is done with: open another. For one caller of each method at a time.
/// </summary>
internal sealed class StoreChannels : IAsyncDisposable
{
    private const string Notify = "SELECT count(*) FROM (SELECT pg_notify(u.channel, u.payload) FROM unnest($1::text[], $2::text[]) AS u(channel, payload)) AS sent";

    /// <summary>How long PostgreSQL may take for a statement, and a notification for its way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly NpgsqlConnection _sender;
    private readonly NpgsqlConnection _listener;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly string _own = $"jobwatch_node_{Guid.CreateVersion7():n}";
    private Order? _order;
    private Task _receiving = Task.CompletedTask;

    private StoreChannels(string connectionString, Action<string> received, TimeProvider time)
    {
        _time = time;
        _sender = new NpgsqlConnection(connectionString);
        _listener = new NpgsqlConnection(connectionString);
        _listener.Notification += (_, notification) =>
        {
            if (notification.Channel != _own)
            {
                received(notification.Payload);
            }
        };
    }

    /// <summary>Faults when the listening connection is lost.</summary>
    public Task Lost => _receiving;

    public static async Task<StoreChannels> OpenAsync(
        string connectionString, Action<string> received, TimeProvider time, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "jobwatch-hints",
            Pooling = false,
            Timeout = 5,
            CommandTimeout = (int)Patience.TotalSeconds,
            // Not negative: Npgsql then breaks a connection whose waiting is cancelled.
            CancellationTimeout = 500,
            MaxAutoPrepare = 4,
            AutoPrepareMinUsages = 2,
        };
        var channels = new StoreChannels(settings.ConnectionString, received, time);
        try
        {
            await channels._sender.OpenAsync(cancellation);
            // A notification is a transaction with a commit record, and nobody needs that on the disk.
            await ExecuteAsync(channels._sender, "SET synchronous_commit = off", cancellation);
            await channels._listener.OpenAsync(cancellation);
            await ExecuteAsync(channels._listener, $"LISTEN {channels._own}", cancellation);
            channels._receiving = channels.ReceiveAsync();
            return channels;
        }
        catch
        {
            await channels.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends payloads of less than 8000 bytes, the one at an index to the channel there, in one statement.</summary>
    public async Task NotifyAsync(string[] channels, string[] payloads, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand(Notify, _sender);
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = channels });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = payloads });
            await command.ExecuteNonQueryAsync(cancellation);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>
    /// Listens to channels and to others no more. Their names are written into the statement: letters, digits and underscores only.
    /// With none at all it shows that what is sent still arrives here.
    /// </summary>
    public async Task ListenAsync(IEnumerable<string> listen, IEnumerable<string> unlisten, CancellationToken cancellation)
    {
        var order = new Order(string.Concat([.. listen.Select(name => $"LISTEN {name};"), .. unlisten.Select(name => $"UNLISTEN {name};")]));
        Volatile.Write(ref _order, order);
        // The connection reads all the time, and interrupting that is known to hang: a word to ourselves ends its waiting.
        await NotifyAsync([_own], [""], cancellation);
        await order.Done.Task.WaitAsync(Patience, _time, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_closing.CancelAsync(), _receiving).WaitAsync(Patience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _listener.DisposeAsync();
        await _sender.DisposeAsync();
        _sending.Dispose();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            await _listener.WaitAsync(_closing.Token);
            if (Interlocked.Exchange(ref _order, null) is { } order)
            {
                if (order.Sql.Length > 0)
                {
                    await ExecuteAsync(_listener, order.Sql, _closing.Token);
                }

                order.Done.SetResult();
            }
        }
    }

    private sealed class Order(string sql)
    {
        public string Sql => sql;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
