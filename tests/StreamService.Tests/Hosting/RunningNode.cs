using Grpc.Core;
using Grpc.Net.Client;
using Jobwatch.StreamService.Hosting;
using Jobwatch.StreamService.Journal;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hosting;

/// <summary>
/// A whole node as Program.cs builds it, in this process, on free ports and a database of its own. Callers without
/// credentials are tenant <c>local</c>. As a fixture it serves all tests of a class.
/// </summary>
public sealed class RunningNode : IAsyncLifetime
{
    /// <summary>The token of the tenant <c>acme</c>.</summary>
    public const string AcmeToken = "acme-secret";

    private readonly Dictionary<string, string?> _settings;
    private readonly ErrorLog _errors = new();
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public RunningNode()
        : this([])
    {
    }

    private RunningNode(Dictionary<string, string?> settings) => _settings = settings;

    /// <summary>gRPC's address, then that of monitoring.</summary>
    public IReadOnlyList<string> Addresses =>
        [.. App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public GrpcChannel Channel => _channel ?? throw new InvalidOperationException("Not started.");

    public WebApplication App => _app ?? throw new InvalidOperationException("Not started.");

    internal JournalReader Journal => App.Services.GetRequiredService<JournalReader>();

    public static Metadata Acme { get; } = new() { { "authorization", $"Bearer {AcmeToken}" } };

    public static async Task<RunningNode> StartAsync(params (string Setting, string Value)[] settings)
    {
        var node = new RunningNode(settings.ToDictionary(setting => setting.Setting, setting => (string?)setting.Value));
        await node.InitializeAsync();
        return node;
    }

    public AsyncUnaryCall<AppendEventsResponse> Append(AppendEventsRequest request, Metadata? headers = null) =>
        new RecordService.RecordServiceClient(Channel).AppendEventsAsync(request, Call(headers));

    public AsyncUnaryCall<GetJobResponse> GetJob(GetJobRequest request, Metadata? headers = null) =>
        Catalog.GetJobAsync(request, Call(headers));

    public AsyncUnaryCall<GetExecutionResponse> GetExecution(GetExecutionRequest request, Metadata? headers = null) =>
        Catalog.GetExecutionAsync(request, Call(headers));

    public AsyncUnaryCall<ListJobsResponse> ListJobs(ListJobsRequest request, Metadata? headers = null) =>
        Catalog.ListJobsAsync(request, Call(headers));

    public AsyncUnaryCall<ListExecutionsResponse> ListExecutions(ListExecutionsRequest request, Metadata? headers = null) =>
        Catalog.ListExecutionsAsync(request, Call(headers));

    public AsyncUnaryCall<ListEventsResponse> ListEvents(ListEventsRequest request, Metadata? headers = null) =>
        Catalog.ListEventsAsync(request, Call(headers));

    public AsyncUnaryCall<DeleteJobResponse> DeleteJob(DeleteJobRequest request, Metadata? headers = null) =>
        Catalog.DeleteJobAsync(request, Call(headers));

    public async ValueTask InitializeAsync()
    {
        var tokens = Path.GetTempFileName();
        await File.WriteAllTextAsync(tokens, $"acme {AcmeToken}\n");
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Jobwatch"] =
                _settings.GetValueOrDefault("ConnectionStrings:Jobwatch") ?? await PostgresCluster.Shared.CreateDatabaseAsync(),
            ["Node:GrpcUrl"] = "http://127.0.0.1:0",
            ["Node:MonitoringUrl"] = "http://127.0.0.1:0",
            ["Tenancy:AnonymousTenant"] = "local",
            ["Tenancy:TokensFile"] = tokens,
        };
        foreach (var (setting, value) in _settings)
        {
            settings[setting] = value;
        }

        _app = NodeHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Logging.ClearProviders().AddProvider(_errors);
        });
        var ready = new TaskCompletionSource();
        _app.Services.GetRequiredService<JournalReadiness>().Changed += isReady => _ = isReady && ready.TrySetResult();
        await _app.StartAsync();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        _channel = GrpcChannel.ForAddress(Addresses[0], new GrpcChannelOptions { MaxSendMessageSize = null });
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        Assert.Empty(_errors.Errors);
    }

    private CatalogService.CatalogServiceClient Catalog => new(Channel);

    private static CallOptions Call(Metadata? headers) => new(headers, cancellationToken: TestContext.Current.CancellationToken);
}
