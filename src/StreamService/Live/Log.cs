namespace Jobwatch.StreamService.Live;

internal static partial class Log
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "The sweep can't reach the store: {Cause}")]
    public static partial void SweepIsBlind(ILogger logger, string cause);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Information, Message = "The sweep reaches the store again.")]
    public static partial void SweepSees(ILogger logger);

    [LoggerMessage(EventId = 4003, Level = LogLevel.Warning, Message = "The look for new jobs can't reach the store: {Cause}")]
    public static partial void SelectionSweepIsBlind(ILogger logger, string cause);

    [LoggerMessage(EventId = 4004, Level = LogLevel.Information, Message = "The look for new jobs reaches the store again.")]
    public static partial void SelectionSweepSees(ILogger logger);

    [LoggerMessage(
        EventId = 4005, Level = LogLevel.Error,
        Message = "The store has lost events of {Stream}: its head was {Known} and is {Head}. Watchers who saw more are told CURSOR_BEYOND_HEAD.")]
    public static partial void StoreFellBack(ILogger logger, string stream, long known, long head);

    [LoggerMessage(
        EventId = 4006, Level = LogLevel.Warning,
        Message = "The jobs of {Tenant} that labels select can't be asked for, and whoever begins to watch them is told UNAVAILABLE: {Cause}")]
    public static partial void SelectionIsNotFilled(ILogger logger, string tenant, string cause);

    [LoggerMessage(EventId = 4007, Level = LogLevel.Information, Message = "The jobs of {Tenant} that labels select are found again.")]
    public static partial void SelectionIsFilled(ILogger logger, string tenant);
}
