using Jobwatch.StreamService.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>
/// A real node, in this process, that has begun to stop and comes to no end of it: it takes connections and refuses calls, as a node
/// in a process of its own does for moments only.
/// </summary>
internal sealed class DrainingNode : IStartupFilter, IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _calls;

    private DrainingNode(string connectionString) => _app = NodeHost.Build([], builder =>
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Jobwatch"] = connectionString,
            ["Node:GrpcUrl"] = "http://127.0.0.1:0",
            ["Node:MonitoringUrl"] = "http://127.0.0.1:0",
            ["Tenancy:AnonymousTenant"] = "local",
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IStartupFilter>(this);
    });

    internal Uri Address => new(_app.Urls.First());

    /// <summary>How many calls came.</summary>
    internal int Calls => Volatile.Read(ref _calls);

    internal static async Task<DrainingNode> StartAsync(string connectionString)
    {
        var node = new DrainingNode(connectionString);
        await node._app.StartAsync();
        // Nobody waits for it, so nothing else follows.
        node._app.Lifetime.StopApplication();
        return node;
    }

    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(CountAsync);
        next(app);
    };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private Task CountAsync(HttpContext context, RequestDelegate call)
    {
        Interlocked.Increment(ref _calls);
        return call(context);
    }
}
