using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>Reads schedules and states as a server shows them; what cannot be read counts as switched on.</summary>
internal static class Schedules
{
    /// <summary>True unless the schedule is absent or says that it is off.</summary>
    public static bool IsOn(JsonObject thing) =>
        thing["schedule"] is not (null or JsonObject) || ((thing["schedule"] as JsonObject)?["enabled"] is { } enabled && enabled.ToJsonString() is not "false");

    /// <summary>Its expression.</summary>
    public static string? Cron(JsonObject thing) => (thing["schedule"] as JsonObject)?["cron"]?.ToString();

    /// <summary>False only for a part that says so itself.</summary>
    public static bool IsEnabled(JsonObject part) => part["enabled"]?.ToJsonString() is not "false";

    /// <summary>True for a word that says that no run is going; a word that we do not know may mean that one is.</summary>
    public static bool IsAtRest(string? status) =>
        status is null || status == Client.Jobs.RunStatus.Idle || Client.Jobs.RunStatus.Read(status) is not (Client.Jobs.RunState.Running or Client.Jobs.RunState.Unknown);
}
