namespace Jobwatch.SseEdge.Page;

internal static class PageSetup
{
    public static void MapPage(this WebApplication app)
    {
    }
}
