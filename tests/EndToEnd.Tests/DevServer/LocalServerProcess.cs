using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.DevServer;

/// <summary>The development server, as ./run.sh starts it, in a home and a data folder of its own.</summary>
internal sealed class LocalServerProcess : IAsyncDisposable
{
    // Three .NET programs and a new database, on a machine that runs other tests too.
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("jobwatch-server-");
    private readonly HttpClient _http = new();
    private ChildProcess? _child;

    public LocalServerProcess()
    {
        // As /home is: PostgreSQL may run as another user, who has to pass.
        Process.Start("chmod", ["755", _root.FullName]).WaitForExit();
        Home = _root.CreateSubdirectory("home").FullName;
        Data = Path.Combine(_root.FullName, "data");
    }

    public string Home { get; }

    public string Data { get; set; }

    public int HttpPort { get; set; } = Ports.Free();

    public int GrpcPort { get; set; } = Ports.Free();

    public Dictionary<string, string?> Environment { get; } = [];

    public Uri Address => new($"http://127.0.0.1:{HttpPort}");

    public string Pointer => Path.Combine(Home, ".jobwatch", "server.json");

    public ChildProcess Child => _child ?? throw new InvalidOperationException("Not started.");

    public async Task StartAsync()
    {
        Launch();
        await Child.WaitForLineAsync("Jobwatch is running.", StartDeadline);
    }

    public void Launch(params IEnumerable<string> more)
    {
        _child = ChildProcess.Start(ChildCommand.Dotnet(RepositoryFiles.DevServerDll,
        [
            "--node", RepositoryFiles.NodeDll,
            "--edge", RepositoryFiles.EdgeDll,
            "--data", Data,
            "--http-port", HttpPort.ToString(CultureInfo.InvariantCulture),
            "--grpc-port", GrpcPort.ToString(CultureInfo.InvariantCulture),
            .. more,
        ]) with
        {
            Environment = new Dictionary<string, string?>(Environment) { ["HOME"] = Home },
            LastSignal = UnixSignal.SigTerm,
        });
    }

    /// <summary>SIGTERM, then the exit code.</summary>
    public Task<int> StopAsync()
    {
        Child.Signal(UnixSignal.SigTerm);
        return Child.WaitForExitAsync();
    }

    /// <summary>The process of a child, by the file that the server keeps for the next one.</summary>
    public int ProcessOf(string name) =>
        int.Parse(File.ReadAllText(Path.Combine(Data, "run", name + ".pid")).Split(' ')[0], CultureInfo.InvariantCulture);

    public bool IsRunning(string name) => File.Exists(Path.Combine(Data, "run", name + ".pid"));

    /// <summary>Records one whole execution, with the token that the server made, and gives the positions.</summary>
    public async Task<string> RecordAsync(string job, string execution)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, $"/v1/jobs/{job}/events"));
        string token = await File.ReadAllTextAsync(Path.Combine(Data, "token"), TestContext.Current.CancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        request.Content = JsonContent.Create(new
        {
            events = new object[]
            {
                new { executionId = execution, executionStarted = new { } },
                new { executionId = execution, logWritten = new { text = "one line" } },
                new { executionId = execution, executionSucceeded = new { } },
            },
        });
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {answer.Headers}{body}");
        return string.Join(", ", JsonDocument.Parse(body).RootElement.GetProperty("positions").EnumerateArray());
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is { HasExited: false })
        {
            await StopAsync();
            await _child.DisposeAsync();
        }
        _http.Dispose();
        string running = Path.Combine(Data, "run");
        foreach (string file in Directory.Exists(running) ? Directory.GetFiles(running, "*.pid") : [])
            Kill(int.Parse((await File.ReadAllTextAsync(file)).Split(' ')[0], CultureInfo.InvariantCulture));
        _root.Delete(recursive: true);
    }

    private static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It is gone, as it should be.
        }
    }
}
