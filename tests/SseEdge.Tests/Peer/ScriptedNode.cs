using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jobwatch.SseEdge.Tests.Peer;

/// <summary>
/// A gRPC server over real HTTP/2 that says exactly what a test wants said: refusals, broken streams and silences that a real
/// node can't be made to say at a given moment.
/// </summary>
internal sealed class ScriptedNode : IAsyncDisposable
{
    // Not one that the system chooses: it would give it to another test while this node is down.
    private readonly int _port = Ports.Free();
    private WebApplication? _app;

    /// <summary>What a watch does; by default it sends its headers and waits.</summary>
    public Func<WatchJobRequest, IServerStreamWriter<WatchJobResponse>, ServerCallContext, Task> Watch { get; set; } =
        async (_, _, context) =>
        {
            await context.WriteResponseHeadersAsync(Accepted("c0"));
            await Forever(context.CancellationToken);
        };

    public Func<WatchJobsRequest, IServerStreamWriter<WatchJobsResponse>, ServerCallContext, Task> WatchMany { get; set; } =
        (_, _, _) => Task.CompletedTask;

    public Func<ReplayExecutionRequest, IServerStreamWriter<ReplayExecutionResponse>, ServerCallContext, Task> Replay { get; set; } =
        (_, _, _) => Task.CompletedTask;

    public Func<AppendEventsRequest, ServerCallContext, Task<AppendEventsResponse>> Append { get; set; } =
        (_, _) => Task.FromResult(new AppendEventsResponse());

    public Func<GetJobRequest, ServerCallContext, Task<GetJobResponse>> GetJob { get; set; } =
        (request, _) => Task.FromResult(new GetJobResponse { Job = new Job { JobId = request.JobId } });

    public Func<ListEventsRequest, ServerCallContext, Task<ListEventsResponse>> ListEvents { get; set; } =
        (_, _) => Task.FromResult(new ListEventsResponse());

    public Func<DeleteJobRequest, ServerCallContext, Task<DeleteJobResponse>> DeleteJob { get; set; } =
        (_, _) => Task.FromResult(new DeleteJobResponse());

    public HealthCheckResponse.Types.ServingStatus Health { get; set; } = HealthCheckResponse.Types.ServingStatus.Serving;

    public string Address => $"http://127.0.0.1:{_port}";

    public static async Task<ScriptedNode> StartAsync()
    {
        var node = new ScriptedNode();
        await node.UpAsync();
        return node;
    }

    /// <summary>Starts, and starts again at the same port.</summary>
    public async Task UpAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, _port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.MapGrpcService<ScriptedWatches>();
        _app.MapGrpcService<ScriptedRecords>();
        _app.MapGrpcService<ScriptedCatalog>();
        _app.MapGrpcService<ScriptedHealth>();
        await _app.StartAsync();
    }

    /// <summary>Cuts all connections, as a node that is killed does.</summary>
    public async Task DownAsync()
    {
        if (_app is null)
            return;
        using var at_once = new CancellationTokenSource();
        await at_once.CancelAsync();
        await _app.StopAsync(at_once.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public ValueTask DisposeAsync() => new(DownAsync());

    public static Metadata Accepted(string startedFrom) => new() { { "jobwatch-last-event-id", startedFrom } };

    public static Task Forever(CancellationToken until)
    {
        var ended = new TaskCompletionSource();
        until.Register(ended.SetResult);
        return ended.Task;
    }
}
