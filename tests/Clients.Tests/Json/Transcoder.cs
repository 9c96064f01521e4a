using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Clients.Tests.Json;

/// <summary>The real transcoder in a real Kestrel, with its default settings.</summary>
public sealed class Transcoder : IAsyncLifetime
{
    private readonly WebApplication _app;

    /// <summary>Builds it.</summary>
    public Transcoder()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc().AddJsonTranscoding();
        builder.Services.AddSingleton(Kinds).AddSingleton(Catalog);
        _app = builder.Build();
        _app.MapGrpcService<TranscodedService>();
        _app.MapGrpcService<TranscodedEvents>();
    }

    internal TranscodedService Kinds { get; } = new();

    internal TranscodedEvents Catalog { get; } = new();

    internal HttpClient Http { get; } = new();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _app.StartAsync();
        Http.BaseAddress = new Uri(_app.Urls.First());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
