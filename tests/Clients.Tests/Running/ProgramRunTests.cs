using Jobwatch.Cli.Running;
using Jobwatch.Cli.Servers;

namespace Jobwatch.Clients.Tests.Running;

public sealed class ProgramRunTests
{
    [Fact]
    public async Task A_recording_that_can_not_be_set_up_leaves_no_program_running()
    {
        var folder = Directory.CreateTempSubdirectory("run-").FullName;
        var ran = Path.Combine(folder, "ran");
        try
        {
            var noHeaderTakesIt = new ServerAddress(new Uri("http://127.0.0.1:1"), "a\nb", null, "a test");
            var options = new RunOptions(
                noHeaderTakesIt, "j", "e", new Dictionary<string, string>(), "w", Path.Combine(folder, "spool"), TimeSpan.Zero,
                ["sh", "-c", $"echo $$ > {ran}; exec sleep 1"]);
            await Assert.ThrowsAsync<FormatException>(() => new ProgramRun(options, TimeProvider.System).RunAsync());
            Assert.False(File.Exists(ran));
            Assert.False(Directory.Exists(options.SpoolFolder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
