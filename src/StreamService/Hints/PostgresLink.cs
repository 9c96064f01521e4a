using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Hints;

/// <summary>Hints by LISTEN and NOTIFY.</summary>
internal sealed class PostgresLink(StoreChannels channels) : IHintLink
{
    public Task Lost => channels.Lost;

    public Task SendAsync(IReadOnlyList<HintMessage> messages, CancellationToken cancellation) =>
        channels.NotifyAsync([.. messages.Select(message => message.Channel)], [.. messages.Select(message => message.Payload)], cancellation);

    public Task ListenAsync(IReadOnlyCollection<string> listen, IReadOnlyCollection<string> unlisten, CancellationToken cancellation) =>
        channels.ListenAsync(listen, unlisten, cancellation);

    public Task CheckAsync(CancellationToken cancellation) => channels.ListenAsync([], [], cancellation);

    public ValueTask DisposeAsync() => channels.DisposeAsync();
}
