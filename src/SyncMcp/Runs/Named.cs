using SyncMcp.Filters;
using SyncMcp.Resources;

namespace SyncMcp.Runs;

/// <summary>The one thing that a call about runs names: a job, a transformation or a pipeline.</summary>
internal static class Named
{
    /// <summary>It, with its kind; null where none is named.</summary>
    /// <exception cref="ToolException">Several are named.</exception>
    public static (ResourceArea Area, string Id)? AtMostOne(string tool, string? job, string? transformation, string? pipeline)
    {
        string?[] ids = [job, transformation, pipeline];
        return ids.Count(id => id is not null) switch
        {
            0 => null,
            1 => ResourceArea.All.Zip(ids).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!)).First(),
            _ => throw new ToolException(new("invalid_arguments", $"{tool} takes one thing.", "Give one of job_id, transformation_id, pipeline_id.")),
        };
    }

    /// <summary>It, with its kind.</summary>
    /// <exception cref="ToolException">None or several are named.</exception>
    public static (ResourceArea Area, string Id) One(string tool, string? job, string? transformation, string? pipeline) => AtMostOne(tool, job, transformation, pipeline)
        ?? throw new ToolException(new("invalid_arguments", $"{tool} takes one thing.", "Give one of job_id, transformation_id, pipeline_id."));
}
