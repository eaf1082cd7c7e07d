using System.Text.Json.Serialization;

namespace SyncMcp.Client.Jobs;

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(Listing<Job>))]
[JsonSerializable(typeof(ListJobs))]
[JsonSerializable(typeof(JobKey))]
[JsonSerializable(typeof(CreateJob))]
[JsonSerializable(typeof(UpdateJob))]
[JsonSerializable(typeof(ExecuteJob))]
[JsonSerializable(typeof(JobTask))]
[JsonSerializable(typeof(Listing<JobTask>))]
[JsonSerializable(typeof(JobTaskKey))]
[JsonSerializable(typeof(AddJobTask))]
[JsonSerializable(typeof(UpdateJobTask))]
[JsonSerializable(typeof(MoveJobTask))]
[JsonSerializable(typeof(Run))]
[JsonSerializable(typeof(Listing<Run>))]
[JsonSerializable(typeof(ListJobHistory))]
[JsonSerializable(typeof(ListJobTaskHistory))]
[JsonSerializable(typeof(JobRunKey))]
[JsonSerializable(typeof(GetRunLog))]
[JsonSerializable(typeof(RunLog))]
internal sealed partial class JobJson : JsonSerializerContext;
