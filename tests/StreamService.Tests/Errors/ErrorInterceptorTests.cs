using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Jobwatch.StreamService.Errors;
using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Jobwatch.StreamService.Tests.Errors;

public sealed class ErrorInterceptorTests : IAsyncDisposable
{
    private readonly ErrorLog _errors = new();
    private WebApplication? _app;
    private GrpcChannel? _channel;

    [Fact]
    public async Task What_nobody_expected_is_logged_once_and_tells_the_caller_nothing()
    {
        await StartAsync(_ => throw new FormatException("secret"));
        var refusal = await Refusal.OfAsync(Append());
        using var stream = Record(TestContext.Current.CancellationToken);
        var streamed = Refusal.From(await Assert.ThrowsAsync<RpcException>(() => MoveNextAsync(stream)));

        Assert.Equal((StatusCode.Internal, "INTERNAL"), (refusal.Code, refusal.Reason));
        Assert.Equal(refusal.Message, streamed.Message);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(2, _errors.Errors.Count(error => error.Contains("secret", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_store_that_is_away_is_unavailable_with_a_retry_hint()
    {
        await StartAsync(_ => throw new StoreUnavailableException("m", new TimeoutException()));
        var refusal = await Refusal.OfAsync(Append());

        Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE"), (refusal.Code, refusal.Reason));
        Assert.Equal(TimeSpan.FromSeconds(1), refusal.RetryAfter);
        Assert.Empty(_errors.Errors);
    }

    [Fact]
    public async Task Errors_of_the_API_pass_as_they_are()
    {
        await StartAsync(_ => throw RpcErrors.NotFound(Reasons.JobNotFound, "no such job"));
        var refusal = await Refusal.OfAsync(Append());

        Assert.Equal((StatusCode.NotFound, "no such job"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public async Task A_caller_that_goes_away_is_no_error()
    {
        var isReached = new TaskCompletionSource();
        var isLeft = new TaskCompletionSource();
        await StartAsync(async context =>
        {
            isReached.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            }
            finally
            {
                isLeft.SetResult();
            }
        });
        using var leaving = new CancellationTokenSource();
        using var stream = Record(leaving.Token);
        var call = MoveNextAsync(stream);
        await isReached.Task;
        await leaving.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(() => call);
        await isLeft.Task;
        await _app!.StopAsync(TestContext.Current.CancellationToken);

        Assert.Empty(_errors.Errors);
    }

    [Fact]
    public async Task Work_that_a_shutdown_cuts_is_draining()
    {
        await StartAsync(_ =>
        {
            _app!.Lifetime.StopApplication();
            throw new OperationCanceledException();
        });
        var refusal = await Refusal.OfAsync(Append());

        Assert.Equal((StatusCode.Unavailable, "DRAINING"), (refusal.Code, refusal.Reason));
        Assert.NotNull(refusal.RetryAfter);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task StartAsync(Func<ServerCallContext, Task> fail)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddProvider(_errors);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddErrors();
        builder.Services.AddSingleton(new ThrowingRecords(fail));
        _app = builder.Build();
        _app.MapGrpcService<ThrowingRecords>();
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    private AsyncUnaryCall<AppendEventsResponse> Append() =>
        new RecordService.RecordServiceClient(_channel).AppendEventsAsync(
            new AppendEventsRequest(), cancellationToken: TestContext.Current.CancellationToken);

    private AsyncDuplexStreamingCall<RecordEventsRequest, RecordEventsResponse> Record(CancellationToken cancellation) =>
        new RecordService.RecordServiceClient(_channel).RecordEvents(cancellationToken: cancellation);

    private static Task<bool> MoveNextAsync(AsyncDuplexStreamingCall<RecordEventsRequest, RecordEventsResponse> call) =>
        call.ResponseStream.MoveNext(CancellationToken.None);
}
