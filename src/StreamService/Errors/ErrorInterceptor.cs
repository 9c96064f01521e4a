using Grpc.Core;
using Grpc.Core.Interceptors;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Errors;

/// <summary>
/// Turns what handlers throw into errors of the API. <see cref="RpcException"/>s of <see cref="RpcErrors"/> pass, a
/// store that is away becomes UNAVAILABLE, a caller that went away is no error, and the rest is logged once and
/// becomes an INTERNAL that tells nothing.
/// </summary>
internal sealed class ErrorInterceptor(IHostApplicationLifetime lifetime, ILogger<ErrorInterceptor> logger) : Interceptor
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception error) when (error is not RpcException)
        {
            throw Translate(error, context);
        }
    }

    private RpcException Translate(Exception error, ServerCallContext context)
    {
        // A write to a caller that has gone fails in one of these ways, whichever part notices first.
        if (context.CancellationToken.IsCancellationRequested
            && error is OperationCanceledException or IOException or InvalidOperationException)
        {
            return RpcErrors.Cancelled();
        }

        if (error is OperationCanceledException && lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return RpcErrors.Unavailable(
                Reasons.Draining, "This node is shutting down: send the call again, to another node if there is one.", RetryAfter);
        }

        if (error is StoreUnavailableException)
        {
            Log.StoreUnavailable(logger, context.Method, error.Message);
            return RpcErrors.Unavailable(
                Reasons.StoreUnavailable, "The store can't be reached for now: send the same call again later.", RetryAfter);
        }

        Log.Unexpected(logger, context.Method, error);
        return RpcErrors.Internal();
    }
}
