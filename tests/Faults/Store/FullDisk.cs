using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Faults.Tests.Turns;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Store;

/// <summary>
/// PostgreSQL's disk, data and write-ahead log, is full for a while. It may refuse, or go down: then it is started when there is
/// space again.
/// </summary>
internal sealed class FullDisk : Fault
{
    private const int DiskMegabytes = 512;

    private SmallDisk? _disk;

    public override string Name => "disk-full";

    public override async Task<Site> OwnSiteAsync()
    {
        _disk = await SmallDisk.MountAsync(DiskMegabytes);
        var cluster = new PostgresCluster(fsync: true, _disk.Folder);
        var site = await Site.StartAsync(new SitePlan { Cluster = cluster });
        site.Owned.Add(_disk);
        return site;
    }

    public override async Task RunAsync(Scene scene)
    {
        var disk = _disk ?? throw new InvalidOperationException("It needs a site of its own.");
        var cluster = scene.Site.Cluster;
        var process = cluster.Process;
        var before = await Task.WhenAll(scene.Site.Nodes.Select(NodeMetrics.CommitFailuresAsync));
        disk.Fill();
        await Scene.HappensAsync(
            () =>
            {
                // What PostgreSQL gives back meanwhile is taken too.
                disk.Fill();
                return process.Output.All.Any(line => line.Contains("No space left on device", StringComparison.Ordinal));
            },
            "PostgreSQL finds its disk full");
        await Scene.HappensAsync(
            async () => (await Task.WhenAll(scene.Site.Nodes.Select(NodeMetrics.CommitFailuresAsync))).Zip(before).Any(pair => pair.First > pair.Second),
            "commits fail");
        await HoldAsync(scene.IsLong ? 10 : 3);
        disk.Clear();
        if (process.HasExited)
            await cluster.StartAsync();
    }
}
