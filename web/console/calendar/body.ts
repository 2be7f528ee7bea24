import type { Body } from '$shared/api/client';
import type { Appointment } from './model';

export type RecordBody = Body<'/v1/record/{location_id}/{record_id}', 'put'>;

/** An appointment as a body that leaves it what it is, to be changed where the caller wants it changed. */
export function bodyOf(appointment: Appointment): RecordBody {
  const { client } = appointment;
  return {
    activity_id: appointment.activity_id,
    staff_id: appointment.staff_id,
    services: appointment.services.map(({ id, amount, cost_per_unit, discount, cost }) => ({
      id,
      amount,
      cost_per_unit,
      discount,
      cost,
    })),
    client: client ? { id: client.id } : null,
    datetime: appointment.datetime,
    seance_length: appointment.seance_length,
    technical_break_duration: appointment.technical_break_duration,
  } as RecordBody;
}

/** Everything that an appointment says, for one that was deleted to come back. */
export function wholeBodyOf(appointment: Appointment): RecordBody {
  return {
    ...bodyOf(appointment),
    comment: appointment.comment,
    attendance: appointment.attendance,
    sms_remain_hours: appointment.sms_remain_hours,
    email_remain_hours: appointment.email_remain_hours,
    api_id: appointment.api_id,
    custom_color: appointment.custom_color,
    record_labels: appointment.record_labels.map(({ id }) => id),
    custom_fields: appointment.custom_fields,
    save_if_busy: true,
  };
}
