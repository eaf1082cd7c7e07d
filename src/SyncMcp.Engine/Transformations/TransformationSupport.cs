using SyncMcp.Client.Transformations;

namespace SyncMcp.Engine.Transformations;

/// <summary>What the embedded engine stores of transformations but cannot do: said wherever one is shown; such a one does not run or arm.</summary>
internal static class TransformationSupport
{
    private static readonly (Func<Transformation, bool> Asks, string Says)[] Table =
    [
        (it => it.Type is not (null or "SQL"), "Only transformations of type SQL run on the embedded engine; dbt runs on a CData Sync server."),
        (it => it.Alerts?.SendEmail is true, "alerts.send_email: this engine sends no mail; set it to false."),
        (it => it.Settings?.EnableParallelProcessing is true, "settings.enable_parallel_processing: tasks run one after another in one transaction; set it to false."),
        (it => it.Settings?.AutomaticRetry is true, "settings.automatic_retry: a failed run is not repeated; set it to false."),
    ];

    /// <summary>A sentence for each thing that it asks for and cannot have.</summary>
    public static IReadOnlyList<string> Missing(Transformation transformation) => [.. Table.Where(row => row.Asks(transformation)).Select(row => row.Says)];
}
