using System.Net;
using Jobwatch.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Clients.Tests.Scripted;

/// <summary>A real gRPC server on loopback that answers each call with the next act of a script.</summary>
internal sealed class ScriptedNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedNode(int port, ScriptedWatches watches, ScriptedRecords records, ScriptedCatalog catalog)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(watches).AddSingleton(records).AddSingleton(catalog);
        _app = builder.Build();
        _app.MapGrpcService<ScriptedWatches>();
        _app.MapGrpcService<ScriptedRecords>();
        _app.MapGrpcService<ScriptedCatalog>();
        Watches = watches;
        Records = records;
        Catalog = catalog;
    }

    internal ScriptedWatches Watches { get; }

    internal ScriptedRecords Records { get; }

    internal ScriptedCatalog Catalog { get; }

    internal Uri Address => new(_app.Urls.First());

    internal static async Task<ScriptedNode> StartAsync(int port = 0)
    {
        var node = new ScriptedNode(port, new ScriptedWatches(), new ScriptedRecords(), new ScriptedCatalog());
        await node._app.StartAsync();
        return node;
    }

    internal JobwatchClient Client(Action<JobwatchClientOptions>? configure = null)
    {
        var options = new JobwatchClientOptions { Address = Address, InitialBackoff = TimeSpan.FromMilliseconds(1) };
        configure?.Invoke(options);
        return new JobwatchClient(options);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
