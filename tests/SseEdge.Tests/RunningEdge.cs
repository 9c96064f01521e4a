using System.Text;
using Jobwatch.SseEdge.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Jobwatch.SseEdge.Tests;

/// <summary>An edge of the test's own, in this process, on a free port.</summary>
internal sealed class RunningEdge : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ErrorLog _log;

    private RunningEdge(WebApplication app, ErrorLog log)
    {
        _app = app;
        _log = log;
        // Kestrel reads headers as UTF-8, and a caller may send what HttpClient by itself would not.
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" },
        };
        Http = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>What the edge has logged as errors.</summary>
    public IReadOnlyCollection<string> Errors => _log.Errors;

    /// <summary>Errors that the edge is to log in this test; others fail it.</summary>
    public Func<string, bool> Expects { get; set; } = _ => false;

    public static async Task<RunningEdge> StartAsync(
        string nodeAddress, Action<WebApplicationBuilder>? configure = null, params string[] settings)
    {
        string[] args = ["--Edge:HttpUrl=http://127.0.0.1:0", $"--Edge:NodeAddress={nodeAddress}", .. settings];
        var log = new ErrorLog();
        var app = EdgeHost.Build(args, builder =>
        {
            builder.Logging.ClearProviders().AddProvider(log);
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        return new RunningEdge(app, log);
    }

    /// <summary>A request with whatever it needs; the body is read only when the test reads it.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, headers);

    public Task<HttpResponseMessage> PostAsync(string path, string body, string contentType = "application/json") =>
        Http.PostAsync(
            path,
            new StringContent(body) { Headers = { ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType) } },
            TestContext.Current.CancellationToken);

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        var unexpected = _log.Errors.Where(error => !Expects(error)).ToList();
        Assert.True(unexpected.Count == 0, string.Join('\n', unexpected));
    }
}
