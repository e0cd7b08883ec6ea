//! The table `experiment_iterations`.

use super::{IterationRow, of_iteration};
use crate::resources::prelude::*;

pub(in crate::resources) struct IterationTable;
type I = Column<IterationTable>;

impl Table for IterationTable {
    type Row<'a> = IterationRow<'a>;
    const NAME: &'static str = "experiment_iterations";
    const DOC: &'static str =
        "One row per iteration of each experiment: running, stopped or not started.";
    const KEY: &'static [&'static str] =
        &["project_key", "environment_key", "experiment_key", "iteration_index"];
    const PART_OF: Option<&'static str> = Some("experiments");
    const COLUMNS: &'static [Column<Self>] = of_iteration![
        IterationTable,
        I::text_opt("iteration_id", "IterationRep._id", "ID of the iteration.", |row| {
            row.iteration.id.as_deref()
        }),
        I::text("status", "IterationRep.status", "`not_started`, `running` or `stopped`.", |row| {
            &row.iteration.status
        }),
        I::lenient_text(
            "hypothesis",
            "IterationRep.hypothesis",
            "The hypothesis that the iteration tests.",
            |row| { row.iteration.hypothesis.text() }
        ),
        common::version("IterationRep.version", |row| { row.iteration.version }),
        I::lenient_text(
            "randomization_unit",
            "IterationRep.randomizationUnit",
            "Context kind that is divided among the treatments.",
            |row| row.iteration.randomization_unit.text(),
        ),
        I::lenient_bool(
            "can_reshuffle_traffic",
            "IterationRep.canReshuffleTraffic",
            "Whether contexts may change treatments when the audience grows or shrinks.",
            |row| row.iteration.can_reshuffle_traffic,
        ),
        I::lenient_int(
            "reallocation_frequency_milliseconds",
            "IterationRep.reallocationFrequencyMillis",
            "How often a multi-armed bandit changes the allocation.",
            |row| row.iteration.reallocation_frequency_millis,
        ),
        I::lenient_json(
            "attributes",
            "IterationRep.attributes",
            "Attributes by which results can be filtered, as a JSON array.",
            |row| row.iteration.attributes.json(),
        ),
        I::lenient_text(
            "winning_treatment_id",
            "IterationRep.winningTreatmentId",
            "ID of the treatment that was chosen as the winner.",
            |row| row.iteration.winning_treatment_id.text(),
        ),
        I::lenient_text(
            "winning_reason",
            "IterationRep.winningReason",
            "Why that treatment was chosen.",
            |row| { row.iteration.winning_reason.text() }
        ),
        I::lenient_text(
            "layer_key",
            "LayerSnapshotRep.key",
            "Key of the layer it was in.",
            |row| { row.layer()?.key.text() }
        ),
        I::lenient_int(
            "layer_reservation_percent",
            "LayerSnapshotRep.reservationPercent",
            "Percentage of the layer's traffic that was reserved for it.",
            |row| row.layer()?.reservation_percent,
        ),
        I::lenient_int(
            "layer_other_reservation_percent",
            "LayerSnapshotRep.otherReservationPercent",
            "Percentage of the layer's traffic that was reserved for others when it stopped.",
            |row| row.layer()?.other_reservation_percent,
        ),
        I::lenient_text("covariate_id", "CovariateInfoRep.id", "ID of its covariates.", |row| {
            row.covariates()?.id.text()
        }),
        I::lenient_text(
            "covariate_file_name",
            "CovariateInfoRep.fileName",
            "Name of the file that the covariates were uploaded in.",
            |row| row.covariates()?.file_name.text(),
        ),
        I::lenient_time(
            "covariate_created_at",
            "CovariateInfoRep.createdAt",
            "When the covariates were uploaded.",
            |row| row.covariates()?.created_at.number(),
        ),
        common::created_at("IterationRep.createdAt", |row| { row.iteration.created_at.number() }),
        I::lenient_time("started_at", "IterationRep.startedAt", "When it was started.", |row| {
            row.iteration.started_at.number()
        }),
        I::lenient_time("ended_at", "IterationRep.endedAt", "When it was stopped.", |row| {
            row.iteration.ended_at.number()
        }),
    ];
}
