using Jobwatch.StreamService.Errors;

namespace Jobwatch.StreamService.Catalog;

/// <summary>How much a page holds.</summary>
internal static class PageSize
{
    public const int Default = 50;

    public const int Max = 1000;

    /// <summary>
    /// Protobuf bytes after which a page ends early. gRPC clients refuse messages over 4 MB unless told otherwise, and
    /// one more entry may have half a megabyte.
    /// </summary>
    public const int Bytes = 2 * 1024 * 1024;

    /// <summary>The size asked for; 0 is the default, more than the maximum is the maximum (AIP-158).</summary>
    public static int Of(int pageSize, Violations violations)
    {
        if (pageSize < 0)
        {
            violations.Add(Reasons.InvalidField, "page_size", $"it is {pageSize}; give 1 to {Max}, or 0 for {Default}.");
        }

        return pageSize == 0 ? Default : Math.Min(pageSize, Max);
    }
}
