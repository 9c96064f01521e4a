using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Live;
using Jobwatch.StreamService.Tenancy;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Watching;
using Jobwatch.Testing;
using Jobwatch.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Jobwatch.StreamService.Tests.Watching;

/// <summary>The rooms that watching needs, on a real Kestrel and a real database. Its clock stands still until it is moved.</summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    /// <summary>The token of the tenant <c>other</c>; calls without one are of the tenant <c>local</c>.</summary>
    public const string OthersToken = "others-token";

    private readonly WebApplication _app;
    private readonly ErrorLog _errors;
    private readonly GrpcChannel _channel;
    private readonly MeterListener _meters = new();
    private readonly ConcurrentDictionary<string, long> _counted = new();
    private Task? _stopping;

    private NodeUnderTest(WebApplication app, ErrorLog errors, FakeTimeProvider time, string connectionString)
    {
        _app = app;
        _errors = errors;
        Time = time;
        ConnectionString = connectionString;
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _channel = GrpcChannel.ForAddress(Address);
        Watches = new WatchService.WatchServiceClient(_channel);
        _meters.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Name is "watch_events_sent" or "watch_stalled" && instrument.Meter.Scope == app.Services.GetRequiredService<IMeterFactory>())
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((counter, count, _, _) => _counted.AddOrUpdate(counter.Name, count, (_, sum) => sum + count));
        _meters.Start();
    }

    public string Address { get; }

    public string ConnectionString { get; }

    public FakeTimeProvider Time { get; }

    public WatchService.WatchServiceClient Watches { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>The counter <c>watch_events_sent</c>.</summary>
    public long EventsSent => Counted("watch_events_sent");

    /// <summary>Another counter of the watching room.</summary>
    public long Counted(string counter) => _counted.GetValueOrDefault(counter);

    public JournalWriter Writer => Services.GetRequiredService<JournalWriter>();

    public JournalReader Reader => Services.GetRequiredService<JournalReader>();

    public MissingJobs Missing => Services.GetRequiredService<MissingJobs>();

    public LiveJobs Live => Services.GetRequiredService<LiveJobs>();

    public static async Task<NodeUnderTest> StartAsync(string? connectionString = null, params (string Key, string Value)[] settings)
    {
        connectionString ??= await PostgresCluster.Shared.CreateDatabaseAsync();
        var tokens = Path.GetTempFileName();
        await File.WriteAllTextAsync(tokens, $"other {OthersToken}\n");
        var time = new FakeTimeProvider();
        var errors = new ErrorLog();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddProvider(errors);
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:Jobwatch", connectionString),
            new("Tenancy:AnonymousTenant", "local"),
            new("Tenancy:TokensFile", tokens),
            .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)),
        ]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.AddJournal(builder.Configuration).AddErrors().AddTenancy().AddLive().AddWatching();
        var app = builder.Build();
        app.UseTenancy();
        app.MapWatching();

        var readiness = app.Services.GetRequiredService<JournalReadiness>();
        var ready = new TaskCompletionSource();
        readiness.Changed += isReady => _ = isReady && ready.TrySetResult();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        File.Delete(tokens);
        return new NodeUnderTest(app, errors, time, connectionString);
    }

    /// <summary>Starts a watch on the shared connection, or on one of its own.</summary>
    public WatchSession Watch(WatchJobRequest request, string? token = null)
    {
        var cut = new CancellationTokenSource();
        return new WatchSession(Watches.WatchJob(request, Headers(token), cancellationToken: cut.Token), cut);
    }

    public AsyncServerStreamingCall<ReplayExecutionResponse> Replay(ReplayExecutionRequest request) =>
        Watches.ReplayExecution(request, cancellationToken: TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<long>> AppendAsync(JobKey job, params ExecutionEvent[] events)
    {
        var outcome = await Writer.AppendAsync(
            new AppendBatch(job, [.. events.Select(e => e.Clone())], null), TestContext.Current.CancellationToken);
        return Assert.IsType<AppendOutcome.Appended>(outcome).Positions;
    }

    /// <summary>Lets time pass in steps until the task is done, and returns its result and how much it took at most.</summary>
    public async Task<(T Result, TimeSpan Passed)> PassUntilAsync<T>(Task<T> task, TimeSpan step)
    {
        var passed = await PassUntilAsync((Task)task, step);
        return (await task, passed);
    }

    /// <summary>Lets time pass in steps until the task is done, and returns how much it took at most.</summary>
    public async Task<TimeSpan> PassUntilAsync(Task task, TimeSpan step)
    {
        var passed = TimeSpan.Zero;
        for (; !task.IsCompleted; passed += step)
        {
            Time.Advance(step);
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
        }

        await task;
        return passed;
    }

    /// <summary>What it logged as an error so far, which a test expected: the rest fails it.</summary>
    public IReadOnlyList<string> TakeErrors() => _errors.Take();

    /// <summary>Stops it as SIGTERM does.</summary>
    public Task StopAsync() => _stopping ??= _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        _channel.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
        Assert.True(_errors.Errors.Count == 0, string.Join('\n', _errors.Errors));
    }

    private static Metadata Headers(string? token) => token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };
}
