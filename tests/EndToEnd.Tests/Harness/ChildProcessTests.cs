using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Harness;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task Gives_the_lines_and_the_exit_code()
    {
        await using var child = ChildProcess.Start(Shell("echo out; echo err >&2; exit 3"));

        Assert.Equal(3, await child.WaitForExitAsync());
        Assert.Equal(["out"], child.StandardOutput.All);
        Assert.Equal(["err"], child.StandardError.All);
    }

    [Fact]
    public async Task A_line_that_never_comes_fails_with_the_last_lines()
    {
        await using var child = ChildProcess.Start(Shell("echo 'port in use'; exit 1"));

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => child.WaitForLineAsync("ready"));

        Assert.Contains("port in use", failure.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signals_reach_the_child()
    {
        await using var child = ChildProcess.Start(Shell("trap 'echo told; exit 0' TERM; echo ready; read _"));
        await child.WaitForLineAsync("ready");

        child.Signal(UnixSignal.SigTerm);

        Assert.Equal(0, await child.WaitForExitAsync());
        Assert.Equal(["ready", "told"], child.Output.All);
    }

    private static ChildCommand Shell(string script) => new("/bin/sh", "-c", script);
}
