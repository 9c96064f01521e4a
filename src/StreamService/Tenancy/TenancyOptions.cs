namespace Jobwatch.StreamService.Tenancy;

/// <summary>Who may call, and whose data they see. Section <c>Tenancy</c>.</summary>
internal sealed class TenancyOptions
{
    public const string Section = "Tenancy";

    /// <summary>
    /// A file with a line <c>tenant token</c> for each bearer token; empty lines and <c>#</c> comments are skipped.
    /// A change is taken up within a second of the next call. Empty, the default: there are no tokens.
    /// </summary>
    public string TokensFile { get; set; } = "";

    /// <summary>The tenant of calls without credentials. Empty, the default: such calls are refused.</summary>
    public string AnonymousTenant { get; set; } = "";
}
