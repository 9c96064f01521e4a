using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;

namespace Jobwatch.Faults.Tests.Store;

/// <summary>PostgreSQL is killed and its synchronous standby promoted: what was acknowledged is there.</summary>
internal sealed class Promotion : Fault
{
    public override string Name => "promotion-synchronous";

    public override async Task<Site> OwnSiteAsync() => await Site.StartAsync();

    public override async Task RunAsync(Scene scene)
    {
        var primary = scene.Site.Cluster;
        var standby = await primary.StartStandbyAsync();
        scene.Site.Owned.Add(primary);
        await primary.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await primary.ExecuteAsync("SELECT pg_reload_conf()");
        await Scene.HappensAsync(
            async () => await primary.ExecuteAsync("SELECT sync_state FROM pg_stat_replication") is "sync", "the standby follows synchronously");
        await HoldAsync(4);
        await primary.KillAsync();
        await standby.ExecuteAsync("SELECT pg_promote()");
        scene.Site.MoveTo(standby);
        Scene.Happened(primary.Process.HasExited && await standby.ExecuteAsync("SELECT pg_is_in_recovery()") is false, "there was no promotion");
    }
}
