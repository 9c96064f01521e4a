namespace Jobwatch.StreamService.Watching;

/// <summary>Asks the store for heads, by incarnation.</summary>
internal delegate Task<IReadOnlyDictionary<long, long>> HeadsQuestion(CancellationToken cancellation);
