using System.Runtime.Versioning;
using Jobwatch.DevServer.Processes;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.DevServer;

[SupportedOSPlatform("linux")]
public sealed class ChildKeepingTests
{
    [Fact]
    public void The_delay_before_a_restart_grows_to_a_bound_and_begins_anew_after_a_long_life()
    {
        var delay = new RestartDelay();

        double[] seconds = [.. Enumerable.Range(0, 8).Select(_ => delay.After(TimeSpan.FromSeconds(1)).TotalSeconds)];

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], seconds);
        Assert.Equal(TimeSpan.FromSeconds(0.5), delay.After(TimeSpan.FromMinutes(2)));
        Assert.Equal(TimeSpan.FromSeconds(1), delay.After(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_recycled_process_id_is_nobody()
    {
        string path = Path.GetTempFileName();
        var file = new PidFile(path);
        var self = ProcessIdentity.Of(Environment.ProcessId)!;

        file.Write(self);
        Assert.Equal(self, file.Read());

        file.Write(self with { Start = self.Start + "1" });
        Assert.Null(file.Read());
        file.Delete();
        Assert.Null(file.Read());
    }

    [Fact]
    public void A_log_keeps_at_most_two_files()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "node.log");
        string line = new('x', 1024 * 1024);
        using (var log = new LogFile(path))
        {
            for (int i = 0; i < 50; i++)
                log.Write(line);
        }

        string[] files = Directory.GetFiles(Path.GetDirectoryName(path)!);
        Assert.Equal([path, path + ".1"], files.Order());
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, LogFile.MostBytes + line.Length * 2));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
