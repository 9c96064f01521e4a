using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.DevServer;

/// <summary>One start after another on the same folder: what a person at the terminal sees.</summary>
[SupportedOSPlatform("linux")]
public sealed class DevServerTests : IAsyncDisposable
{
    private readonly LocalServerProcess _server = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Starts_from_nothing_stops_cleanly_and_finds_its_data_again()
    {
        await _server.StartAsync();
        Assert.Equal("1, 2, 3", await _server.RecordAsync("build", "first"));
        int[] processes = [_server.ProcessOf("edge"), _server.ProcessOf("node"), _server.ProcessOf("postgres")];

        Assert.Equal(0, await _server.StopAsync());

        Assert.Empty(_server.Child.StandardError.All);
        Assert.DoesNotContain(processes, process => Path.Exists($"/proc/{process}"));
        Assert.False(File.Exists(_server.Pointer));

        await _server.StartAsync();
        Assert.Equal("4, 5, 6", await _server.RecordAsync("build", "second"));
    }

    [Fact]
    public async Task Says_where_it_is_to_clients_of_this_machine()
    {
        await _server.StartAsync();

        var said = JsonDocument.Parse(await File.ReadAllTextAsync(_server.Pointer, TestContext.Current.CancellationToken)).RootElement;

        Assert.Equal($"http://127.0.0.1:{_server.HttpPort}", said.GetProperty("httpAddress").GetString());
        Assert.Equal($"http://127.0.0.1:{_server.GrpcPort}", said.GetProperty("grpcAddress").GetString());
        Assert.Equal(Path.Combine(_server.Data, "token"), said.GetProperty("tokenFile").GetString());
        Assert.Equal(_server.Child.Id, said.GetProperty("pid").GetInt32());
        foreach (string secret in (string[])["token", "tokens", "postgres/password"])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_server.Data, secret)));
    }

    [Fact]
    public async Task Answers_to_the_names_of_this_machine_only_whoever_owns_the_name()
    {
        await _server.StartAsync();
        using var http = new HttpClient();

        foreach (var (host, status) in ((string, int)[])[("127.0.0.1", 200), ("localhost", 200), ("[::1]", 200), ("rebound.example", 400)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.Address, "/v1/jobs"));
            request.Headers.Host = $"{host}:{_server.HttpPort}";
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_start_after_kill_9_goes_on_with_the_running_postgres_and_replaces_the_rest()
    {
        await _server.StartAsync();
        await _server.RecordAsync("build", "first");
        var (edge, node, postgres) = (_server.ProcessOf("edge"), _server.ProcessOf("node"), _server.ProcessOf("postgres"));

        await _server.Child.KillAsync();
        await _server.StartAsync();

        Assert.Equal(postgres, _server.ProcessOf("postgres"));
        Assert.NotEqual(node, _server.ProcessOf("node"));
        Assert.NotEqual(edge, _server.ProcessOf("edge"));
        Assert.Equal("4, 5, 6", await _server.RecordAsync("build", "second"));
        Assert.Equal(0, await _server.StopAsync());
        Assert.False(_server.IsRunning("postgres"));
    }

    [Fact]
    public async Task A_child_that_dies_is_started_again()
    {
        await _server.StartAsync();
        foreach (string name in (string[])["edge", "node", "postgres"])
        {
            using (var child = Process.GetProcessById(_server.ProcessOf(name)))
                child.Kill();
            await _server.Child.WaitForLineAsync($"{name} ended unexpectedly (exit code 137)");
            await _server.Child.WaitForLineAsync($"{name} is back.");
            await WaitUntilReadyAsync();
            Assert.Equal("1, 2, 3", await _server.RecordAsync($"after-{name}", "first"));
        }
    }

    [Fact]
    public async Task A_second_request_to_stop_ends_a_child_that_hangs()
    {
        await _server.StartAsync();
        Stop(_server.ProcessOf("node"));
        _server.Child.Signal(UnixSignal.SigTerm);
        await _server.Child.WaitForLineAsync("Stopping");
        await Eventually.TrueAsync(() => !_server.IsRunning("edge"), ChildProcess.DefaultDeadline, "the edge is stopped");

        _server.Child.Signal(UnixSignal.SigTerm);

        Assert.Equal(0, await _server.Child.WaitForExitAsync(TimeSpan.FromSeconds(15)));
        Assert.False(_server.IsRunning("postgres"));
    }

    [Fact]
    public async Task Uses_another_postgres_when_it_is_given_one()
    {
        _server.Environment["ConnectionStrings__Jobwatch"] = await PostgresCluster.Shared.CreateDatabaseAsync();

        await _server.StartAsync();

        Assert.Equal("1, 2, 3", await _server.RecordAsync("build", "first"));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_server.Data, "postgres")));
    }

    [Fact]
    public async Task Brings_the_packaged_postgres_where_the_machine_has_none()
    {
        _server.Environment["JOBWATCH_POSTGRES"] = "npm";

        await _server.StartAsync();

        await _server.Child.WaitForLineAsync("PostgreSQL 18 on 127.0.0.1:");
        Assert.Equal("1, 2, 3", await _server.RecordAsync("build", "first"));
        Assert.True(Directory.Exists(Path.Combine(_server.Data, "postgres", "18", "data")));
    }

    private async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient();
        await _server.Child.WaitUntilAsync(
            async cancel =>
            {
                using var answer = await http.GetAsync(new Uri(_server.Address, "/readyz"), cancel);
                return answer.IsSuccessStatusCode;
            },
            "the edge is ready");
    }

    private static void Stop(int processId) =>
        Process.Start("kill", ["-STOP", $"{processId}"]).WaitForExit();
}
