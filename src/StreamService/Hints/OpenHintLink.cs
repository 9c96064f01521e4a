namespace Jobwatch.StreamService.Hints;

/// <summary>Opens a link; <paramref name="received"/> must not throw.</summary>
internal delegate Task<IHintLink> OpenHintLink(Action<string> received, CancellationToken cancellation);
