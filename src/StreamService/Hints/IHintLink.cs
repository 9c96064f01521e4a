namespace Jobwatch.StreamService.Hints;

/// <summary>
/// A connection to the other nodes. It calls back with the payloads that arrive, from any thread. Once a call has failed it is done
/// with: everything that was listened to has to be asked for again on another.
/// </summary>
internal interface IHintLink : IAsyncDisposable
{
    /// <summary>Faults when it is lost.</summary>
    public Task Lost { get; }

    /// <summary>Sends; what nobody listens to is gone.</summary>
    public Task SendAsync(IReadOnlyList<HintMessage> messages, CancellationToken cancellation);

    /// <summary>Listens to channels, and to others no more. Whatever is sent to them after this has returned arrives, unless the link is lost.</summary>
    public Task ListenAsync(IReadOnlyCollection<string> listen, IReadOnlyCollection<string> unlisten, CancellationToken cancellation);

    /// <summary>Fails if it is dead and doesn't know it, within a few seconds.</summary>
    public Task CheckAsync(CancellationToken cancellation);
}
