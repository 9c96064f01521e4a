namespace Jobwatch.DevServer.Workspace;

/// <summary>The bearer token of tenant <c>local</c>, and the tokens file that the node reads.</summary>
internal static class Tokens
{
    public const string Tenant = "local";

    public static void Prepare(DataFolder folder)
    {
        string token = SecretFile.ReadOrCreate(folder.TokenFile, () => "jw_" + SecretFile.NewSecret());
        string line = $"{Tenant} {token}";
        // Lines that somebody added for other tenants stay.
        string[] lines = File.Exists(folder.TokensFile) ? File.ReadAllLines(folder.TokensFile) : ["# tenant token"];
        if (!lines.Contains(line))
            SecretFile.Write(folder.TokensFile, string.Join('\n', [.. lines, line]) + "\n");
    }
}
