using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.DevServer;

/// <summary>What keeps the server from starting is said before anything is started.</summary>
public sealed class DevServerRefusalTests : IAsyncDisposable
{
    private readonly LocalServerProcess _server = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("--http-port needs a port number from 1 to 65535, not '0'.", "--http-port", "0")]
    [InlineData("--grpc-port needs a port number from 1 to 65535, not 'x'.", "--grpc-port=x")]
    [InlineData("--data needs a value.", "--data")]
    [InlineData("Unknown option: --color", "--color")]
    public async Task A_wrong_option_is_named(string message, params string[] options)
    {
        _server.Launch(options);

        Assert.Equal(2, await _server.Child.WaitForExitAsync());
        Assert.Equal([$"jobwatch: {message}", "./run.sh --help shows the options."], _server.Child.StandardError.All);
        Assert.False(Directory.Exists(_server.Data));
    }

    [Theory]
    [InlineData("--color")]
    [InlineData("--http-port", "8080", "--port=8081")]
    public async Task An_unknown_option_is_named_before_anything_is_built(params string[] options)
    {
        await using var run = ChildProcess.Start(new ChildCommand("sh", [Path.Combine(RepositoryFiles.Root, "run.sh"), .. options]));

        Assert.Equal(2, await run.WaitForExitAsync());
        Assert.Equal([$"jobwatch: Unknown option: {options[^1].Split('=')[0]}", "./run.sh --help shows the options."], run.StandardError.All);
        Assert.Empty(run.StandardOutput.All);
    }

    [Theory]
    [InlineData("--http-port")]
    [InlineData("--grpc-port")]
    public async Task A_port_in_use_is_named_with_its_option(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        _server.Launch(option, port.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(2, await _server.Child.WaitForExitAsync());
        Assert.Contains($"jobwatch: Port {port} is in use: choose another with {option}.", _server.Child.StandardError.All);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_server.Data, "postgres")));
    }

    [Fact]
    public async Task A_second_server_on_a_folder_says_who_has_it()
    {
        await _server.StartAsync();
        await using var second = new LocalServerProcess { Data = _server.Data };
        second.Launch();

        Assert.Equal(1, await second.Child.WaitForExitAsync());
        Assert.Contains($"is in use by process {_server.Child.Id}.", second.Child.StandardError.Tail, StringComparison.Ordinal);
        Assert.Equal("1, 2, 3", await _server.RecordAsync("build", "first"));
        // Its disposal must not end the first one's children.
        second.Data = second.Home;
    }

    [Fact]
    public async Task Data_of_another_major_version_is_refused_with_both_versions_and_a_remedy()
    {
        string data = Path.Combine(_server.Data, "postgres", "99", "data");
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "99\n", TestContext.Current.CancellationToken);
        _server.Launch();

        Assert.Equal(1, await _server.Child.WaitForExitAsync());
        Assert.Matches("is PostgreSQL 99's, but here is only PostgreSQL [0-9]+. Install PostgreSQL 99", _server.Child.StandardError.Tail);
    }

    [Fact]
    public async Task Help_is_the_same_from_the_script_and_the_program()
    {
        await using var script = ChildProcess.Start(new(Path.Combine(RepositoryFiles.Root, "run.sh"), "--help"));
        _server.Launch("--help");

        Assert.Equal(0, await script.WaitForExitAsync());
        Assert.Equal(0, await _server.Child.WaitForExitAsync());
        Assert.Equal(script.StandardOutput.All, _server.Child.StandardOutput.All);
        Assert.Contains("--data DIR", script.StandardOutput.Tail, StringComparison.Ordinal);
    }
}
