using System.Globalization;
using System.Threading.Channels;
using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Npgsql;

namespace Jobwatch.Faults.Tests.Network;

/// <summary>
/// Hints between the nodes come again, late and in any order, and now and then one names a head that the store doesn't have: whoever
/// believed a hint would repeat, reorder or wait for what never comes.
/// </summary>
internal sealed class DisorderedHints : Fault
{
    // How many channels the hints of jobs are spread over in PostgreSQL.
    private const int JobChannels = 256;
    private const int Rounds = 100;
    private const int AtOnce = 20;
    private const int Kept = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public override string Name => "hints-disordered";

    public override async Task RunAsync(Scene scene)
    {
        double heard = await HeardAsync(scene);
        using var over = new CancellationTokenSource();
        await using var listener = new NpgsqlConnection(scene.Site.ConnectionString);
        await using var sender = new NpgsqlConnection(scene.Site.ConnectionString);
        await listener.OpenAsync();
        await sender.OpenAsync();
        var hints = Channel.CreateBounded<(string Channel, string Payload)>(
            new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest });
        listener.Notification += (_, said) =>
        {
            if (said.PID != sender.ProcessID)
                hints.Writer.TryWrite((said.Channel, said.Payload));
        };
        await ExecuteAsync(listener, string.Concat(Enumerable.Range(0, JobChannels).Select(number => $"LISTEN jobwatch_job_{number:x};")));
        var listening = ListenAsync(listener, over.Token);
        int sent = await SendAgainAsync(sender, hints.Reader, scene.Random);
        await over.CancelAsync();
        await listening;
        Scene.Happened(sent > Rounds, $"{sent} hints were sent again");
        Scene.Happened(await HeardAsync(scene) - heard > sent, "the nodes did not hear of them");
    }

    private static async Task<int> SendAgainAsync(NpgsqlConnection sender, ChannelReader<(string Channel, string Payload)> hints, Random random)
    {
        var kept = new List<(string Channel, string Payload)>();
        int sent = 0;
        for (int round = 0; round < Rounds; round++)
        {
            await Hold.ForAsync(Interval);
            while (hints.TryRead(out var hint))
                kept.Add(hint);
            kept.RemoveRange(0, Math.Max(0, kept.Count - Kept));
            for (int i = 0; i < AtOnce && kept.Count > 0; i++)
            {
                var (channel, payload) = kept[random.Next(kept.Count)];
                await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", sender);
                notify.Parameters.Add(new() { Value = channel });
                notify.Parameters.Add(new() { Value = random.Chance(0.1) ? Untrue(payload) : payload });
                await notify.ExecuteNonQueryAsync();
                sent++;
            }
        }
        return sent;
    }

    // The sender, incarnation, head, whether the job is new, and the job.
    private static string Untrue(string payload)
    {
        string[] words = payload.Split(' ');
        words[2] = (long.Parse(words[2], CultureInfo.InvariantCulture) + 1000).ToString(CultureInfo.InvariantCulture);
        return string.Join(' ', words);
    }

    private static async Task ListenAsync(NpgsqlConnection listener, CancellationToken over)
    {
        try
        {
            while (true)
                await listener.WaitAsync(over);
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static Task<double> HeardAsync(Scene scene) => NodeMetrics.SumAsync(scene.Site.Nodes, "hints_received_total");
}
