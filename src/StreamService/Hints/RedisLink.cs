using StackExchange.Redis;

namespace Jobwatch.StreamService.Hints;

/// <summary>
/// Hints by SSUBSCRIBE and SPUBLISH. The client library would reconnect and subscribe again by itself, but not say when it has
/// done so, and only then is it time to look for what was missed: a link that breaks is given up instead.
/// </summary>
internal sealed class RedisLink : IHintLink
{
    private const int PatienceMilliseconds = 2000;

    private readonly ConnectionMultiplexer _redis;
    private readonly ISubscriber _channels;
    private readonly Action<RedisChannel, RedisValue> _received;
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RedisLink(ConnectionMultiplexer redis, Action<string> received)
    {
        _redis = redis;
        _channels = redis.GetSubscriber();
        _received = (_, payload) => received(payload.ToString());
        redis.ConnectionFailed += (_, failed) =>
            _lost.TrySetException(new IOException($"The connection to Redis at {failed.EndPoint} failed: {failed.FailureType}.", failed.Exception));
    }

    public Task Lost => _lost.Task;

    public static async Task<RedisLink> OpenAsync(string servers, Action<string> received, CancellationToken cancellation)
    {
        var settings = ConfigurationOptions.Parse(servers);
        settings.ClientName ??= "jobwatch-hints";
        settings.AbortOnConnectFail = true;
        settings.ConnectTimeout = PatienceMilliseconds;
        settings.AsyncTimeout = PatienceMilliseconds;
        var connecting = ConnectionMultiplexer.ConnectAsync(settings);
        try
        {
            return new RedisLink(await connecting.WaitAsync(cancellation), received);
        }
        catch (OperationCanceledException)
        {
            _ = connecting.ContinueWith(
                static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    public Task SendAsync(IReadOnlyList<HintMessage> messages, CancellationToken cancellation) =>
        Task.WhenAll(messages.Select(message => _channels.PublishAsync(RedisChannel.Sharded(message.Channel), message.Payload))).WaitAsync(cancellation);

    public Task ListenAsync(IReadOnlyCollection<string> listen, IReadOnlyCollection<string> unlisten, CancellationToken cancellation) =>
        Task.WhenAll(
        [
            .. listen.Select(channel => _channels.SubscribeAsync(RedisChannel.Sharded(channel), _received)),
            .. unlisten.Select(channel => _channels.UnsubscribeAsync(RedisChannel.Sharded(channel))),
        ]).WaitAsync(cancellation);

    // One goes by the connection that subscribes, the other by the one that publishes.
    public Task CheckAsync(CancellationToken cancellation) =>
        Task.WhenAll(_channels.PingAsync(), _redis.GetDatabase().PingAsync()).WaitAsync(cancellation);

    public ValueTask DisposeAsync()
    {
        _lost.TrySetCanceled();
        return _redis.DisposeAsync();
    }
}
