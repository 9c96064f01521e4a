namespace Jobwatch.StreamService.Watching;

/// <summary>How a line stands to the pages of its watch.</summary>
internal enum PageTurn
{
    /// <summary>It has none and waits for none.</summary>
    None,

    /// <summary>It waits for its turn.</summary>
    Waits,

    /// <summary>It may read one.</summary>
    MayRead,

    /// <summary>It reads or has one.</summary>
    Has,
}
