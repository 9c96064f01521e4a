using Jobwatch.SseEdge.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Jobwatch.SseEdge.Tests;

/// <summary>An edge of the test's own, in this process, on a free port.</summary>
internal sealed class RunningEdge : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningEdge(WebApplication app)
    {
        _app = app;
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public static async Task<RunningEdge> StartAsync(
        string nodeAddress, Action<WebApplicationBuilder>? configure = null, params string[] settings)
    {
        string[] args = ["--Edge:HttpUrl=http://127.0.0.1:0", $"--Edge:NodeAddress={nodeAddress}", .. settings];
        var app = EdgeHost.Build(args, configure);
        await app.StartAsync();
        return new RunningEdge(app);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
