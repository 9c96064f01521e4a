namespace Jobwatch.StreamService.Journal;

/// <summary>An order of jobs.</summary>
internal enum JobOrder
{
    NewestFirst,
    OldestFirst,
    ById,
}
