using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Live;

/// <summary>A job that a selection selects.</summary>
/// <param name="Head">Where its log stood when it was found.</param>
/// <param name="After">Its first event that is selected comes right after this position: that of the execution that made it match.</param>
internal sealed record SelectedJob(JobHead Head, long After);
