using Jobwatch.Faults.Tests.Turns;
using Npgsql;

namespace Jobwatch.Faults.Tests.Processes;

/// <summary>A node whose clock is an hour ahead, by libfaketime, beside one whose clock is right.</summary>
internal sealed class WrongClock : Fault
{
    private static readonly string[] Places = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];

    public override string Name => "clock-an-hour-off";

    public override async Task RunAsync(Scene scene)
    {
        var node = scene.Site.Nodes[scene.AnySide()];
        node.Environment["LD_PRELOAD"] = Library();
        node.Environment["FAKETIME"] = "+1h";
        // Its waits are to last as long as anybody's.
        node.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        node.Environment["DONT_FAKE_MONOTONIC"] = "1";
        try
        {
            await node.StopAsync();
            await scene.Site.StartAsync(node);
            await HoldAsync(scene.IsLong ? 20 : 6);
            Scene.Happened(await RecordedAheadAsync(scene) > 0, "no event was recorded an hour ahead");
        }
        finally
        {
            foreach (string name in (string[])["LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC", "DONT_FAKE_MONOTONIC"])
                node.Environment.Remove(name);
        }
        await node.StopAsync();
        await scene.Site.StartAsync(node);
    }

    private static string Library() => Places.Select(place => Path.Combine(place, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("libfaketime is missing: eng/install-test-tools.sh installs it.");

    private static async Task<long> RecordedAheadAsync(Scene scene)
    {
        await using var connection = new NpgsqlConnection(scene.Site.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM jobwatch.mt_events WHERE timestamp > now() + interval '30 minutes' AND starts_with(stream_id, $1)", connection);
        command.Parameters.Add(new() { Value = $"{Sites.Site.Tenant}/{scene.Stage.Loads[0].JobId[..^1]}" });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
